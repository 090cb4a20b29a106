"""The browsers that Debian ships, driven by Playwright."""

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "firefox")


def launch(playwright: Playwright, name: str) -> Browser:
    if name == "chromium":
        # Chromium's sandbox does not start for root, which continuous integration often is.
        return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    # An unpatched Firefox is driven over WebDriver BiDi, which is what this channel means.
    return playwright.firefox.launch(executable_path="/usr/bin/firefox-esr", channel="moz-firefox")
