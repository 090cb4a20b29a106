// @ts-check
/** Names our elements to the browser, parts before the wholes that make them. */
import { defineCampaignList } from './campaign-list.js';
import { defineConnectionBanner } from './connection-banner.js';
import { defineConnectionIndicator } from './connection-indicator.js';
import { defineDecisionFeed } from './decision-feed.js';
import { defineDecisionPanel } from './decision-panel.js';
import { defineFactList } from './fact-list.js';
import { defineNameDialog } from './name-dialog.js';
import { defineNotificationCenter } from './notification-center.js';
import { definePortfolioHeat } from './portfolio-heat.js';
import { definePriceLadder } from './price-ladder.js';
import { definePriceTiles } from './price-tiles.js';
import { defineRejectDialog } from './reject-dialog.js';
import { defineSessionList } from './session-list.js';
import { defineShortcutsDialog } from './shortcuts-dialog.js';
import { defineSignalCard } from './signal-card.js';
import { defineSignalDesk } from './signal-desk.js';
import { defineSignalList } from './signal-list.js';
import { defineSignalPage } from './signal-page.js';
import { defineSignalToolbar } from './signal-toolbar.js';
import { defineStatusDialog } from './status-dialog.js';
import { defineTermChanges } from './term-changes.js';
import { defineTermsDialog } from './terms-dialog.js';
import { defineToastStack } from './toast-stack.js';
import { defineUserMenu } from './user-menu.js';

export function defineAll() {
  definePriceLadder();
  defineFactList();
  defineTermChanges();
  defineDecisionPanel();
  defineSignalCard();
  defineSignalList();
  defineSignalToolbar();
  defineSignalDesk();
  defineSignalPage();
  definePriceTiles();
  defineCampaignList();
  defineSessionList();
  defineDecisionFeed();
  defineRejectDialog();
  defineStatusDialog();
  defineTermsDialog();
  defineNameDialog();
  defineShortcutsDialog();
  defineConnectionIndicator();
  defineConnectionBanner();
  definePortfolioHeat();
  defineNotificationCenter();
  defineUserMenu();
  defineToastStack();
}
