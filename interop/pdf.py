"""Text of PDFs, as Forewarn reads it, beside what poppler's pdftotext reads of the same files.

Documents are made here, by four makers of PDFs: reportlab and fpdf2 (PyPI), groff and Chromium
(Debian). Words are compared in their order, as difflib does it: twice what both have in the same order, by
all words of both. Below 0.98, it fails.

    pdf.py FOREWARN FOLDER
"""

import difflib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap
import unicodedata

LEAST = 0.98
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

PROSE = """On Saturday morning the duty office learnt that a van with fertiliser and petrol had been rented
near the river. Two men, both known to the police, are said to have asked for a ticket to the cathedral and
for the hours at which the square is fullest. The first report came from a partner in the north, who had it
from a person that was reliable before. We judge with moderate confidence that an attack is planned for the
weekend; officials of the final control office could not confirm the difficult details. Efficient offices
file their findings: fifteen flights, five affected fields, one sniffer dog. The organisation's
spokesperson declined to comment. Numbers that matter: 12.5 km, 1,200 people, 10:30 to 11:45, and the address
192.0.2.17, which was seen in the log of the mail server on 14 December."""
RUSSIAN = """В субботу утром дежурный узнал, что у реки был взят напрокат фургон. Двое мужчин, известных
полиции, спрашивали о билетах в собор и о часах, когда на площади больше всего людей. Первое сообщение пришло
от партнёра на севере. Мы считаем, что нападение готовится на выходные; подтверждения пока нет."""
POLISH = """W sobotę rano oficer dyżurny dowiedział się, że nad rzeką wynajęto furgonetkę. Dwaj mężczyźni,
znani policji, pytali o bilety do katedry i o godziny, w których na placu jest najwięcej ludzi. Źródło było
dotąd wiarygodne, ale szczegółów nie potwierdzono. Żółta łódź płynęła wśród gęstej mgły."""
ARABIC = """علم الضابط المناوب صباح السبت أن سيارة استؤجرت قرب النهر. سأل رجلان عن تذاكر الكنيسة وعن
الساعات التي يزدحم فيها الميدان بالناس. جاء التقرير الأول من شريك في الشمال."""
GREEK = """Το πρωί του Σαββάτου ο αξιωματικός υπηρεσίας έμαθε ότι ένα φορτηγό νοικιάστηκε κοντά στο ποτάμι.
Δύο άνδρες ρώτησαν για εισιτήρια στον καθεδρικό ναό."""


def many(times):
    """Prose, each paragraph another one."""
    sentences = re.split(r"(?<=\.) ", PROSE.replace("\n", " "))
    turned = [" ".join(sentences[n % len(sentences):] + sentences[:n % len(sentences)]) for n in range(times)]
    return [f"Part {n + 1}. {text}" for n, text in enumerate(turned)]


def of_reportlab(folder):
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, SimpleDocTemplate, Table

    styles = getSampleStyleSheet()
    style = styles["BodyText"]
    simple = SimpleDocTemplate(str(folder / "prose.pdf"), pagesize=A4, title="Prose", author="Ana")
    simple.build([Paragraph("A warning", styles["Title"])] + [Paragraph(text, style) for text in many(6)])

    width, height = A4
    frames = [
        Frame(40, height - 140, width - 80, 90, id="head"),
        Frame(40, 40, width / 2 - 55, height - 190, id="left"),
        Frame(width / 2 + 15, 40, width / 2 - 55, height - 190, id="right"),
    ]
    columns = BaseDocTemplate(str(folder / "columns.pdf"), pagesize=A4)
    columns.addPageTemplates([PageTemplate(id="two", frames=frames)])
    head = Paragraph("A warning of the duty office in two columns, with its heading over both of them", styles["Title"])
    columns.build([head] + [Paragraph(text, style) for text in many(9)])

    rows = [["Place", "Time", "What was seen"]] + [
        [f"Gate {n}", f"{8 + n}:15", f"{n} lorries, {n * 3} people"] for n in range(1, 12)
    ]
    table = SimpleDocTemplate(str(folder / "table.pdf"), pagesize=A4)
    table.build([Paragraph(many(1)[0], style), Table(rows), Paragraph(many(2)[1], style)])

    pdfmetrics.registerFont(TTFont("DejaVu", FONT))
    style.fontName = "DejaVu"
    letters = SimpleDocTemplate(str(folder / "letters.pdf"), pagesize=A4)
    letters.build([Paragraph(text.replace("\n", " "), style) for text in [RUSSIAN, POLISH, GREEK, PROSE]])


def of_fpdf(folder):
    from fpdf import FPDF

    def made(name, texts, size=11, **shaping):
        pdf = FPDF()
        pdf.add_page()
        pdf.add_font("DejaVu", fname=FONT)
        pdf.set_font("DejaVu", size=size)
        if shaping:
            pdf.set_text_shaping(**shaping)
        for text, align in texts:
            pdf.multi_cell(0, 7, text.replace("\n", " "), align=align, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(4)
        pdf.output(str(folder / name))

    made("ligatures.pdf", [(PROSE, "J"), (many(3)[2], "L")], use_shaping_engine=True)
    made("wide.pdf", [(PROSE, "C"), (many(2)[1], "J"), ("One line.", "L")], size=15)
    # Held against what was written: pdftotext turns the ligature of lam and alef the wrong way round.
    made("arabic.pdf", [(ARABIC, "R")], size=13, use_shaping_engine=True)
    (folder / "arabic.written").write_text(ARABIC)


def of_groff(folder):
    for name, macros in [("groff.pdf", ".hy 1\n.na\n"), ("spaced.pdf", ".ad b\n.hy 6\n.ll 9c\n")]:
        text = macros + "\n.sp\n".join(textwrap.fill(text, 70) for text in many(5)) + "\n"
        made = subprocess.run(["groff", "-Tpdf", "-P-pa4"], input=text.encode(), capture_output=True, check=True)
        (folder / name).write_bytes(made.stdout)


def of_chromium(folder):
    style = "body{font:11pt 'DejaVu Serif',serif;hyphens:auto;text-align:justify}.two{column-count:2;column-gap:2em}"
    body = "".join(f"<p>{text}</p>" for text in many(4))
    pages = {
        "page.pdf": f"<html lang=en><style>{style}</style><h1>A warning</h1>{body}<ul><li>One point</li><li>Another</li></ul>",
        "report.pdf": f"<html><style>{style}</style><h2>Findings</h2><table><tr><th>Place<th>When<th>What"
        + "".join(f"<tr><td>Hall {n}<td>2017-12-{n + 10}<td>a bag of {n} kg" for n in range(1, 9))
        + f"</table><p>{POLISH}<p>{GREEK}<blockquote>{RUSSIAN}</blockquote><pre>GET /x HTTP/1.1\nHost: evil.example</pre>",
        "paper.pdf": f"<html lang=en><style>{style}</style><h1>A warning in columns</h1><div class=two>{body}</div><p>{RUSSIAN}</p>",
    }
    for name, page in pages.items():
        source = folder / (name + ".html")
        source.write_text(page)
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--print-to-pdf={folder / name}", source.as_uri()],
            check=True, capture_output=True, timeout=120,
        )


def words(text):
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if unicodedata.category(c) != "Cf").split()


def main():
    forewarn, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    if not shutil.which("pdftotext"):
        sys.exit("there is no pdftotext to compare with: install poppler-utils")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.pdf"):
        old.unlink()
    for make in (of_reportlab, of_fpdf, of_groff, of_chromium):
        make(folder)
    bad = 0
    for path in sorted(folder.glob("*.pdf")):
        written = path.with_suffix(".written")
        beside = "what was written" if written.exists() else "pdftotext"
        theirs = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
        ours = subprocess.run([forewarn, "extract", "--text", str(path)], capture_output=True)
        ours = ours.stdout.decode()
        theirs = written.read_text() if written.exists() else theirs
        (folder / (path.stem + ".theirs.txt")).write_text(theirs)
        (folder / (path.stem + ".ours.txt")).write_text(ours)
        agreed = difflib.SequenceMatcher(None, words(ours), words(theirs), autojunk=False).ratio()
        bad += agreed < LEAST
        print(json.dumps({"document": path.name, "beside": beside, "words": len(words(theirs)), "agreement": round(agreed, 4)}))
    count = len(list(folder.glob("*.pdf")))
    print(json.dumps({"documents": count, "below": bad}))
    sys.exit(1 if bad or count < 10 else 0)


if __name__ == "__main__":
    main()
