"""The words that made-up names and texts are put together from."""


def _words(text):
    return tuple(text.split())


# The first are the most common: see ``skewed`` in chance.py.
GIVEN_NAMES = _words(
    """
    Maria John Anna David Elena James Sofia Daniel Renée Michael Laura Peter Aisha Thomas Chloë
    Samuel Ingrid Martin Zoë Lucas Amara Victor Mei Oscar Nadia Hugo Siobhán André Yara Felix
    Priya Björn Clara Mateo Freya José Leïla Adrian Nora Søren Ivy Tomás Hana Marcus Éloïse Paul
    Dalia Simon Greta Rafael Jun Walter Olga Jérôme Ruth Kwame Stella Łukasz Vera Idris Maeve
    Arthur Noor Stefan Alma Diego Ida Ravi Bianca Henrik Lena Omar Paloma Gunnar Tess Ibrahim
    Odile Casper Wren Leon Farah Emil Juno Otto Selma Niall Thea Bruno Yuki Dmitri Esme Anselm
    Rosalind Tariq Cecily Magnus Imani Ansel Petra Lorcan Saskia Jonah Birgit Ezra Ottilie Kofi
    Linnea Aurelio Perpetua Zdeněk Philippa Evander Ximena Thaddeus Anaïs Cormac Ngozi Ignatius
    """
)

SURNAMES = _words(
    """
    García Müller Núñez O’Brien Møller D’Angelo Nguyen Okafor Kowalski Fernández Lindqvist Sørensen
    O’Malley Haddad Petrović Yamamoto Gonçalves MacLeod Dvořák Björklund Castellanos Achterberg
    L’Estrange Özdemir Szabó Ferreira O’Dowd Kjærgård Nakamura Beaulieu Łazarski Štefánik
    """
)
SURNAME_STEMS = _words(
    """
    Ald Ash Bar Black Brad Bram Brook Burn Cald Carl Chad Clay Cole Cran Dal Dray Dun East Ed
    Elm Fair Far Fen Fox Gar Gold Gran Hal Har Haw Heath Hol Kel Kin Lang Lock Lyn Mal Mar
    Mere Mor Nether New Nor Oak Pem Pres Quar Rad Red Ros Sand Sel Shel Stan Stock Thorn Tre Up
    Wal Wen West Whit Win Wood Wy
    """
)
SURNAME_ENDINGS = _words(
    """
    bourne bridge by combe cott dale den field ford gate ham hurst ington land ley low man marsh
    mere more ridge sey shaw son stead stone ton wald well wick wood worth
    """
)

PLACES = _words(
    """
    Aldermoor Brackwater Carrow Dunhaven Eastmere Fallowby Glasmoor Hartsend Ironbridge Kestrelby
    Lowgate Marrowick Northam Oldcastle Pinefield Ravensholm Saltmarsh Tidewell Underhill Westerley
    """
)
ADJECTIVES = _words(
    """
    Amber Bitter Broken Cold Crooked Distant Empty Fallen Golden Hidden Hollow Last Long Lost
    Midnight Narrow Northern Open Pale Quiet Restless Second Silent Slow Stolen Sunken Unmarked
    Vanished Wild Winter
    """
)
NOUNS = _words(
    """
    Alibi Bargain Bridge Canyon Circle Confession Crossing Divide Echo Evidence Garden Harbor
    Hour Inheritance Key Ledger Lighthouse Map Mercy Mirror Orchard Promise Quarry River Shadow
    Signal Station Storm Verdict Witness
    """
)
OCCUPATIONS = (
    "Detective",
    "Patrol officer",
    "Coroner",
    "Reporter",
    "Prosecutor",
    "Defence attorney",
    "Judge",
    "Paramedic",
    "Informant",
    "Bartender",
    "Locksmith",
    "Private investigator",
)
FACTS = (
    "Grew up in {place}.",
    "Keeps a boat in {place}.",
    "Once worked as an undercover agent in {place}.",
    "Was the last to see the victim alive.",
    "Speaks four languages.",
    "Is writing a novel about {place}.",
)
UNITS = ("Police Department", "Homicide Unit", "District Attorney’s Office", "Gazette", "Hospital")
NETWORKS = (
    "Meridian",
    "Canal Norte",
    "Prism TV",
    "Nordlys",
    "Harbor Street",
    "Channel Nine",
    "Stream & Stone",
    "Télé Lac",
)
PUBLISHERS = ("The Daily Reel", "Screen Courier", "Premiere Weekly", "Casting Sheet")

# Department, then its jobs; their order is that of the credits.
JOBS = (
    ("creation", "Creator, Developer, Format by"),
    ("production", "Showrunner, Executive producer, Producer, Line producer, Unit manager"),
    ("directing", "Director, Assistant director, Second unit director, Script supervisor"),
    ("writing", "Writer, Story editor, Staff writer, Author of the novels"),
    ("photography", "Director of photography, Camera operator, Gaffer, Focus puller"),
    ("music", "Composer, Music supervisor, Orchestrator"),
    ("casting", "Casting director, Casting associate"),
    ("consulting", "Technical advisor, Police consultant"),
    ("art", "Production designer, Art director, Set decorator, Costume designer, Make-up artist"),
    ("editing", "Editor, Assistant editor, Colorist"),
    ("sound", "Sound mixer, Boom operator, Foley artist, Sound editor"),
    ("stunts", "Stunt coordinator, Stunt driver"),
    ("effects", "Visual effects supervisor, Compositor, Matte painter"),
    ("other", "Location manager, Caterer, Animal trainer"),
)
# Phrase and its reverse.
BONDS = (
    ("daughter of", "parent of"),
    ("son of", "parent of"),
    ("married to", "married to"),
    ("partner of", "partner of"),
    ("informant of", "source is"),
    ("rival of", "rival of"),
)
