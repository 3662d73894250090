"""Given names that are borne mostly by men or mostly by women in English-language news. A hint, never a certainty.

Written by hand from common knowledge; names borne by both (Alex, Chris, Jordan, Pat, Taylor) are left out.
"""

from retrieval.text.names.names import fold
from retrieval.text.words import word_list

MEN = word_list("""
    aaron abdul abraham adam adrian ahmed aidan al alan alasdair albert alejandro aleksandr aleksei alexander
    alexei alfonso alfred ali alistair allen alonzo amir anders andre andrei andrew andy angelo angus anil
    anthony antoine anton antonin antonio antony arjun arnold arthur arturo ashok ashraf asif atul axel barack
    barry bashar ben benedict benjamin benny bernard bernardo bernie bertrand bill billy bjorn boaz bob bobby
    bogdan boris brad bradley brandon brendan brent brett brian bruce bryan byron caleb callum calvin cameron
    carl carlos casper cecil cedric cesar charles charlie chester christian christoph christopher chuck clarence
    clark claude claudio clement clifford clint clinton clyde cody colin colm conor corey cory craig curtis
    cyril cyrus dale damien damon dan daniel danny dario darius darrell darren dave david davide dean declan
    denis dennis derek derrick desmond dick diego dieter dirk dmitri dmitry domenico dominic don donald doug
    douglas duane duarte duncan dustin dwight dylan eamon earl ed eddie edgar edmund eduard eduardo edward edwin
    efrain egor eli elias elijah elliott emil emilio emmanuel emmett enrique eric erik ernest ernesto erwin
    esteban ethan euan eugene evan ewan fabio fabrice faisal farid felipe felix ferenc fergus fernando finn
    florian floyd francesco francisco francois frank franklin franz fred frederick friedrich gareth gary gavin
    gene geoffrey georg george gerald gerard gerhard gethin gideon gilbert gilles giorgio giovanni giuseppe glen
    glenn goran gordon graham grant greg gregory guillermo gunther gustav gustavo guy hans harold harry haruki
    harvey hassan hector heinrich helmut henrik henry herbert herman herschel hiroshi horacio howard hugh hugo
    hussein ian ibrahim igal ignacio igor imran ingo iqbal isaac ishaan isidro ismael ismail itamar ivan ivo
    jack jacob jaime jake jakob jamal james jan jared jason javier jay jean-claude jean-luc jeb jeff jeffrey
    jens jeremy jerome jerry jesus jim jimmy jin joaquin jochen joe joel johan johannes john johnny jon jonas
    jonathan jong jorge jose joseph josh joshua juan julian julio jurgen justin kareem karim karl kaspar keir
    keith ken kenji kenneth kevin khaled khalid kim kirk klaus kofi kurt kwame kyle lance larry lars laszlo
    laurence lawrence lee leif leo leon leonard leonardo leonid leroy levi lewis lincoln lionel lloyd lorenzo
    louis luca lucas luigi luis lukas luke maarten magnus mahmoud malik manfred manuel marc marcel marcin marco
    marcus marek mario mark martin marvin massimo mateo matias matt matteo matthew matthias maurice mauricio max
    mehmet micah michael michal miguel mikael mike mikhail milan milos milton mitch mitchell mitt mohamed
    mohammad mohammed morris morten moses moshe murray mustafa naftali narendra nasser nathan nathanael
    nathaniel ned neil nelson neville newt niall nicholas nick nicolas nigel nikita nikolai nils noah norbert
    norman olaf oleg oliver olivier omar omer orlando oscar osman otto owen pablo pascal patrick paul pavel
    pedro pete peter phil philip phillip pierre piotr prakash pranav radu rafael rafe raheem rahm raj rajesh
    ralph ramesh ramon rand randall randy rasmus raul ravi ray raymond recep reginald reince reza rhys ricardo
    richard rick ricky rob robby robert roberto rod rodney rodrigo roger roland rolf roman ron ronald ronnie
    rory ross roy ruben rudolph rudy rui rupert russell ryan salvador sameer samuel sanjay santiago saul scott
    sean sebastian sebastien selim serge sergei sergio seth shane sharif silvio simeon simon slobodan stanley
    stefan stefano stelios stephen steve steven stuart sven tarek tariq ted terence terrence thabo theodore
    thierry thomas thorsten tim timothy tobias toby todd tom tomas tommy tony torsten travis trent trey tristan
    tyler tyrone uri urs vernon victor vikram viktor vincent vincenzo vinod vitali vladimir volodymyr wallace
    walter warren wayne wendell wesley wilbur will william willie wim winston wladimir wolf xavier xi yair yanis
    yasser yehuda yoav yuri yusuf yuval zachary zaid zoltan
    """)
WOMEN = word_list("""
    abigail ada adaeze adele adriana agatha agnes agnieszka aileen aisha akiko alba alessandra alexandra
    alexandria alice alicia alison allison alma alyssa amalia amanda amara amber amelia amelie amina amy ana
    anastasia anastasiya andrea aneta angela angelina anita anja anjali anke ann anna anne anneke annette annie
    annika antonia aoife april ariana arlene ashley astrid audrey aurora ayesha barbara beata beatrice beatriz
    becky bella benazir berit bernadette beth betsy bettina betty beverly bianca birgit blanca bonnie brenda
    bridget brigitte brittany bronwyn brooke camille carina carla carlotta carly carmen carol carola carole
    caroline carolyn carrie cassandra catalina catherine cathleen cathy cecilia celeste celia chantal charlene
    charlotte chelsea cheryl chiara chloe christina christine ciara cindy claire clara clarissa claudia
    clementine colette colleen condoleezza connie constance cordelia corinne courtney cristina crystal cynthia
    dagmar daisy daniela danielle daphne dawn debbie deborah debra deirdre delia delphine denise denisha desiree
    diana diane dianne dina dolores donna dora dorina doris dorothea dorothy edith edna effie eileen elaine
    eleanor elena elisabeth eliza elizabeth ella ellen eloise elsa elspeth emilia emily emma emmanuelle erica
    erin estelle esther ethel eugenia eva evelyn fabiola farah fatima fatma federica felicia fiona flora
    florence frances francine frida gabriella gabrielle gail gemma genevieve georgia geraldine gillian gina
    giorgia giulia gladys glenda gloria grace greta gretchen guadalupe gudrun gwen gwendolyn halima hanna hannah
    harriet hazel heather heidi helen helena helene helga henrietta hilda hildegard hillary holly hope huma ida
    ilhan ilse imogen ines inez inga ingeborg ingrid irene iris isabel isabella isabelle isla ivana ivanka iwona
    jacinda jackie jacqueline jana jane janet janice janine jasmin jasmine jean jeanne jenna jennifer jenny
    jessica jill joan joann joanna joanne johanna josefina josephine joyce juanita judith judy julia juliana
    julie juliet june justine kamala karen karin karla katarina katarzyna kate katharina katherine kathleen
    kathryn kathy katie katja katrina kayla keiko kelli kelly kellyanne kerstin kimberly kirsten kirstjen kirsty
    klara kristen kristin kristina lara larissa latoya laura lauren laurie layla leah leila lena leslie leticia
    lidia liesel lillian lily linda linnea lisa liv liz lois loretta lori lorraine louise lucia lucille lucy
    ludmila luisa lydia lynn mabel madeleine madeline magdalena maggie malala malgorzata manuela mara marcia
    mareike margaret margarita margot maria mariam mariana marianne marie marie-claire marilyn marina marion
    marisol marissa marjorie marlene marta martha martina mary matilda maureen maxine maya megan meghan melania
    melanie melinda melissa mercedes mercy meredith mette mia michele michelle mila mildred milena miranda
    mireille miriam molly mona monica morag muriel myra nadia nadine nadja nancy naomi nasrin natalia natalie
    natasha nesta ngozi niamh nicola nicole nicoletta nikki nina noelle nora norma oksana olena olga olivia
    oprah paloma pamela paola patricia patty paula pauline peggy penelope penny petra phoebe phyllis pia pilar
    priscilla priya rachel rachida raisa ramona rania rashida rebecca rebekah regina renata renee rhiannon rita
    roberta rosa rosalie rosalind rosario rose rosemary rosie rowena roxanne ruby ruth sabrina sally samantha
    sandra saoirse sara sarah sasha saskia selena selma shabana shannon sharon sheila shelley sherry shirin
    shirley sigrid silvia simone sinead siobhan sofia solveig sonia sonja sophia sophie soraya stacey stacy
    stella stephanie stormy sue susan susana suzanne svetlana sylvia tabitha tamar tamara tammy tanya tara
    tatiana tatyana teresa teresita thandiwe theodora theresa tiffany tilda tina toni tracy tulsi ulrike uma
    ursula valentina valeria valerie vanessa vera veronica veronique vicki victoria viola virginia vivian vivien
    waltraud wanda wendy wilhelmina wilma winifred xenia yasmin yelena yolanda yulia yvette yvonne zadie zainab
    zara zeynep zoe zsofia zuzana
    """)


def given_gender(name: str) -> str:
    """The gender that the first word of a name suggests, "m" or "f"; "" where it suggests none."""
    first = fold(name.split(maxsplit=1)[0]) if name.split() else ""
    return "m" if first in MEN else "f" if first in WOMEN else ""
