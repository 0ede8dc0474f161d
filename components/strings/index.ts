import act from "./en/act.json";
import agent from "./en/agent.json";
import board from "./en/board.json";
import buy from "./en/buy.json";
import common from "./en/common.json";
import deal from "./en/deal.json";
import desk from "./en/desk.json";
import docs from "./en/docs.json";
import exchange from "./en/exchange.json";
import filters from "./en/filters.json";
import fit from "./en/fit.json";
import home from "./en/home.json";
import job from "./en/job.json";
import key from "./en/key.json";
import log from "./en/log.json";
import moderation from "./en/moderation.json";
import operator from "./en/operator.json";
import order from "./en/order.json";
import post from "./en/post.json";
import profile from "./en/profile.json";
import rank from "./en/rank.json";
import sell from "./en/sell.json";
import settle from "./en/settle.json";
import views from "./en/views.json";
import wanted from "./en/wanted.json";

/** English, whole; every other catalogue has the same names. One file a part of the product. */
const en = {
	act,
	agent,
	board,
	buy,
	common,
	deal,
	desk,
	docs,
	exchange,
	filters,
	fit,
	home,
	job,
	key,
	log,
	moderation,
	operator,
	order,
	post,
	profile,
	rank,
	sell,
	settle,
	views,
	wanted,
};

export type Catalogue = typeof en;
export type Part = keyof Catalogue;

/** What pages can be read in. */
export const catalogues = { en } satisfies Record<string, Catalogue>;
export type Locale = keyof typeof catalogues;
/** How dates and numbers are written in it. */
export const forms: Record<Locale, string> = { en: "en-GB" };

declare module "use-intl" {
	interface AppConfig {
		Messages: Catalogue;
	}
}
