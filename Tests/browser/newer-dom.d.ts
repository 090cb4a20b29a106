// What the page uses and TypeScript 4.8, Debian 12's, does not know yet. Remove with a newer TypeScript (2026-11).
interface HTMLElement {
  showPopover(): void;
  hidePopover(): void;
}
