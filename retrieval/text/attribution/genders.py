"""Given names that are borne mostly by men or mostly by women in English-language news. A hint, never a certainty.

Written by hand from common knowledge; names borne by both (Alex, Chris, Jordan, Pat, Taylor) are left out.
"""

from retrieval.text.words import word_list

MEN = word_list("""
    aaron abdul abraham adam adrian ahmed al alan albert alejandro alexander alfred ali allen andre andrew andy
    angelo anthony antonin antonio antony arnold arthur ashraf barack barry ben benjamin benny bernard bernie
    bill billy bob bobby boris brad bradley brandon brent brett brian bruce bryan byron calvin carl carlos cecil
    cedric cesar charles charlie chester christopher chuck clarence clark claude clifford clint clinton clyde
    cody colin corey cory craig curtis cyrus dale damon dan daniel danny darrell darren dave david dean denis
    dennis derek derrick dick diego dmitri dominic don donald doug douglas duane duncan dustin dwight earl ed
    eddie edgar edmund eduardo edward edwin eli elias elliott emmanuel eric erik ernest ernesto ethan eugene
    evan felipe felix fernando floyd francisco frank franklin fred frederick gary gene geoffrey george gerald
    gerard gilbert glen glenn gordon graham grant greg gregory guy harold harry harvey hassan hector henry
    herbert herman herschel howard hugh hussein ian igor isaac ismail itamar ivan jack jacob jaime jake jamal
    james jared jason javier jay jeb jeff jeffrey jeremy jerome jerry jesus jim jimmy joe joel john johnny jon
    jonathan jong jorge jose joseph josh joshua juan julian julio justin karl keith ken kenneth kevin khalid kim
    kirk kofi kurt kyle lance larry laurence lawrence lee leo leon leonard leonardo leroy levi lewis lincoln
    lionel lloyd lorenzo louis lucas luis luke manuel marc marco marcus mario mark martin marvin mateo matt
    matthew maurice max micah michael miguel mike milton mitch mitchell mitt mohamed mohammad mohammed morris
    moses mustafa narendra nathan nathaniel ned neil nelson newt nicholas nick nicolas nigel norman oleg oliver
    omar oscar otto owen pablo patrick paul pedro pete peter phil philip phillip pierre rafael rahm raj ralph
    ramon rand randall randy raul ray raymond recep reginald reince ricardo richard rick ricky rob robby robert
    roberto rod rodney rodrigo roger roland ron ronald ronnie ross roy ruben rudolph rudy rupert russell ryan
    salvador samuel scott sean sebastian serge sergei sergio seth shane simon stanley stefan stephen steve
    steven stuart ted terrence theodore thomas tim timothy toby todd tom tommy tony travis trent trey tyler
    tyrone vernon victor vincent vladimir volodymyr wallace walter warren wayne wendell wesley wilbur will
    william willie winston wolf xavier xi yoav yusuf zachary
    """)
WOMEN = word_list("""
    abigail ada adele adriana agnes aisha alexandra alexandria alice alicia alison allison amanda amber amelia
    amina amy ana anastasia andrea angela angelina anita ann anna anne annette annie april ariana ashley audrey
    barbara beatrice becky benazir bernadette beth betsy betty beverly bonnie brenda bridget brittany brooke
    camille carla carly carmen carol carole caroline carolyn carrie catherine cathy cecilia celia charlotte
    chelsea cheryl christina christine cindy claire clara claudia colleen condoleezza connie constance courtney
    cristina crystal cynthia daisy danielle dawn debbie deborah debra deirdre denise diana diane dianne dolores
    donna dora doris dorothy edith eileen elaine eleanor elena elisabeth eliza elizabeth ella ellen emily emma
    erica erin esther ethel eva evelyn fatima felicia fiona florence frances francine gabriella gabrielle gail
    georgia geraldine gina giorgia gladys glenda gloria grace greta gwen hannah harriet hazel heather heidi
    helen helena hillary holly hope huma ida ilhan inez ingrid irene iris isabel isabella ivanka jackie
    jacqueline jane janet janice jasmine jean jeanne jenna jennifer jenny jessica jill joan joann joanna joanne
    josephine joyce juanita judith judy julia juliana julie june kamala karen kate katherine kathleen kathryn
    kathy katie katrina kayla kelli kelly kellyanne kimberly kirsten kirstjen kristen kristin kristina laura
    lauren laurie leah leila lena leslie lillian lily linda lisa liz lois loretta lori lorraine louise lucia
    lucille lucy lydia lynn mabel madeleine madeline maggie marcia margaret margarita maria marianne marie
    marilyn marina marion marissa marjorie marlene martha mary maureen maxine megan meghan melania melanie
    melissa mercedes meredith mia michele michelle mildred miranda miriam molly monica muriel nadia nancy naomi
    natalia natalie nicola nicole nikki nina nora norma olga olivia pamela patricia patty paula pauline peggy
    penelope penny phyllis priscilla rachel ramona rebecca regina renee rita roberta rosa rosalind rose rosemary
    roxanne ruth sabrina sally samantha sandra sara sarah sasha selena shannon sharon sheila shelley sherry
    shirley silvia sonia sophia sophie stacy stella stephanie stormy sue susan susana suzanne sylvia tamara
    tammy tanya tara teresa theresa tiffany tina toni tracy tulsi ursula valerie vanessa vera veronica vicki
    victoria viola virginia vivian wanda wendy yolanda yvette yvonne zoe
    """)
