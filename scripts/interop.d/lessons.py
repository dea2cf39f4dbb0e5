"""Exported lessons against their readers: nbformat reads the notebooks, asciinema plays the recordings, an HTML parser walks the pages, and
Chromium, where it is there, shows them in the width of a phone."""

import html.parser
import pathlib
import re
import shutil
import subprocess
import sys

binary, work = sys.argv[1], pathlib.Path(sys.argv[2])
lessons = sorted((pathlib.Path(__file__).parents[2] / "examples" / "tour").glob("*.crate"))

try:
    import asciinema  # noqa: F401
    import nbformat
except ImportError:
    print("interop: lessons: left out, nbformat or asciinema is not there")
    sys.exit(0)


def export(lesson: pathlib.Path, form: str) -> pathlib.Path:
    """Writes `lesson` in `form` and gives the file."""
    target = work / f"{lesson.stem}.{form}"
    done = subprocess.run([binary, "walk", "--export", form, "--to", str(target), str(lesson)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"lessons: {lesson.name} as {form}: {done.stderr}")
    return target


def check(holds: bool, what: str) -> None:
    if not holds:
        sys.exit(f"lessons: {what}")


class Page(html.parser.HTMLParser):
    """Tags that are closed in order, and what the page would fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.errors, self.foreign, self.media = [], [], [], 0

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "img", "hr", "br", "link"):
            self.open.append(tag)
        for name, value in attributes:
            if name == "src":
                self.media += 1
                if not value.startswith("data:"):
                    self.foreign.append(value)
        if tag in ("link", "script"):
            self.foreign.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append((tag, self.getpos()))


# Tells what the browser made of the page, when pictures and sounds had their time.
PROBE = """<script>addEventListener("load", () => setTimeout(() => {
  const all = name => [...document.querySelectorAll(name)];
  document.body.dataset.seen = [all("img").every(i => i.naturalWidth > 0), all("audio").every(a => a.duration > 0),
    document.documentElement.scrollWidth <= innerWidth].join();
}, 1000));</script>"""
browser = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


def look(page: pathlib.Path) -> None:
    """Opens the page in a real browser, as narrow as a phone."""
    probed = page.with_suffix(".probe.html")
    probed.write_text(page.read_text().replace("</body>", PROBE + "</body>"))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=500,900", "--virtual-time-budget=5000", "--dump-dom"]
    shown = subprocess.run([browser, *options, f"file://{probed}"], capture_output=True, text=True).stdout
    seen = re.search(r'data-seen="([^"]*)"', shown)
    check(seen is not None and seen.group(1) == "true,true,true", f"{page.name}: pictures, sounds, width: {seen and seen.group(1)}")


media = 0
for lesson in lessons:
    notebook = nbformat.read(export(lesson, "ipynb"), as_version=4)
    nbformat.validate(notebook)
    check(any(cell.cell_type == "code" and cell.outputs for cell in notebook.cells), f"{lesson.name}: no outputs in the notebook")

    played = subprocess.run([sys.executable, "-m", "asciinema", "cat", str(export(lesson, "cast"))], capture_output=True)
    check(played.returncode == 0 and len(played.stdout) > 1000, f"{lesson.name}: asciinema: {played.stderr.decode()}")

    file = export(lesson, "html")
    page = Page()
    page.feed(file.read_text())
    check(not page.errors and not page.open, f"{lesson.name}: tags {page.errors or page.open}")
    check(not page.foreign, f"{lesson.name}: the page needs {page.foreign}")
    media += page.media
    if browser:
        look(file)
check(len(lessons) >= 8 and media > 5, f"{len(lessons)} lessons with {media} pictures and sounds")
print(f"interop: lessons: {len(lessons)} as notebook, recording and page: read by their readers")
