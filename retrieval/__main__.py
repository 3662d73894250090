"""`python -m retrieval`: see `retrieval.cli.app`."""

from config.address_space import require_address_space

if __name__ == "__main__":
    require_address_space()

from retrieval.cli.app import app

if __name__ == "__main__":
    app(prog_name="python -m retrieval")
