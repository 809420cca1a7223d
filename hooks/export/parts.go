package export

import (
	"slices"
	"strings"
)

// part is what is given of one table: the rows that are about the member, and of these the columns that are named.
type part struct {
	table   string
	where   string // with {:member}, or {:subject} as the audit record names them
	columns []string
	also    string   // a further column, as SQL
	without []string // columns that are not given: what opens a door, what is the house's own bookkeeping, or what is another person's
}

func (p part) query() string {
	order := p.columns[0]
	if slices.Contains(p.columns, "created") {
		order = "created"
	}
	return `SELECT t."` + strings.Join(p.columns, `", t."`) + `"` + p.also + " FROM " + p.table + " t WHERE " + p.where + ` ORDER BY t."` + order + `"`
}

func columns(names string) []string { return strings.Fields(names) }

// own is the commonest way in which a row is a member's.
const own = "t.member = {:member}"

// known are the holds that their author was told of. Who decided and who reported is never told.
const known = "t.author = {:member} AND t.known = TRUE"

// parts is what an export holds. TestEveryTableIsDecided fails on a table or a column that nobody has decided about.
var parts = []part{
	{table: "users", where: "t.id = {:member}",
		columns: columns("id created updated email verified name role stint stint_began title status language rights invitation hue"),
		without: columns("password tokenKey emailVisibility")},
	{table: "invitations", where: own + ` OR t."returning" = {:member} OR t.email = (SELECT u.email FROM users u WHERE u.id = {:member})`,
		columns: columns("id created email role communities language status approved_at accepted_at expires returning"),
		without: columns("member proposed_by approved_by asked_again batch code_hash tries updated")},
	{table: "sessions", where: own,
		columns: columns("id created device seen fresh idle expires"),
		without: columns("member token_hash updated")},
	{table: "communities", where: `t.id IN (SELECT m.community FROM memberships m WHERE m.member = {:member}
		UNION SELECT p.community FROM posts p WHERE p.author = {:member} UNION SELECT c.community FROM comments c WHERE c.author = {:member})`,
		columns: columns("id name kind about status presence"),
		without: columns("about_html created updated last_post posts")},
	{table: "memberships", where: own,
		columns: columns("id created community lead"),
		without: columns("member updated")},
	{table: "policies", where: `t.id IN (SELECT a.policy FROM acknowledgements a WHERE a.member = {:member}
		UNION SELECT r.policy FROM policy_refusals r WHERE r.member = {:member} UNION SELECT g.policy FROM authorization_events g WHERE g.member = {:member})`,
		columns: columns("id slug kind audience status"),
		without: columns("created updated position yearly offers")},
	{table: "acknowledgements", where: own,
		columns: columns("id created policy number sha256 language role stint method note"),
		without: columns("member witness updated")},
	{table: "policy_refusals", where: own,
		columns: columns("id created policy number sha256 language role stint outcome"),
		without: columns("member updated")},
	{table: "authorization_events", where: own,
		columns: columns("id created seq policy number sha256 language role stint action method note"),
		without: columns("member witness updated")},
	{table: "policy_reminders", where: own,
		columns: columns("policy at"),
		without: columns("member")},
	{table: "policy_seen", where: own,
		columns: columns("policy number"),
		without: columns("member")},
	{table: "posts", where: "t.author = {:member}",
		columns: columns("id created updated community kind title body status edited reason note pinned until helped answers comments last_comment reactions files poll review review_until"),
		without: columns("author deleted_by html unseen")},
	{table: "comments", where: "t.author = {:member}",
		columns: columns("id created updated community post parent body status edited reason note reactions files review review_until"),
		without: columns("author deleted_by html unseen")},
	{table: "post_versions", where: "t.author = {:member}",
		columns: columns("id created post comment title body"),
		without: columns("author html updated")},
	{table: "drafts", where: own,
		columns: columns("id created updated kind place title body more files"),
		without: columns("member")},
	{table: "files", where: "t.owner = {:member}",
		columns: columns("id created name type kind bytes width height alt captions captions_language transcript community post comment status current posted listed"),
		without: columns("owner content thumbnail updated")},
	{table: "holds", where: known,
		columns: columns("id opened since lane state source post comment file community findings snapshot policy clause reason note decided looked_again"),
		without: columns("author created updated decided_by known reports told")},
	{table: "reports", where: own,
		columns: columns("id at kind words post comment community looked_at"),
		without: columns("member hold snapshot created updated")},
	{table: "reviews", where: "t.\"by\" = {:member}",
		columns: columns("id at post comment community verdict note sha256 until correction"),
		without: columns("by created updated")},
	{table: "reactions", where: own,
		columns: columns("id created kind piece post community"),
		without: columns("member updated")},
	{table: "follows", where: own,
		columns: columns("id created post community news"),
		without: columns("member updated")},
	{table: "saves", where: own,
		columns: columns("id created piece post community"),
		without: columns("member updated")},
	{table: "mutes", where: own,
		columns: columns("id created post community"),
		without: columns("member updated")},
	{table: "blocks", where: own,
		columns: columns("id created blocked"),
		without: columns("member updated")},
	{table: "mentions", where: own,
		columns: columns("id created author piece post community read"),
		without: columns("member updated")},
	{table: "poll_voters", where: "t.voter = {:member}",
		columns: columns("post"),
		without: columns("voter")},
	{table: "case_answers", where: own,
		columns: columns("id created example number done"),
		without: columns("member clause_version updated")},
	{table: "case_questions", where: own,
		columns: columns("id created example words answer answered"),
		without: columns("member answered_by updated")},
	{table: "visits", where: own,
		columns: columns("id created since last"),
		without: columns("member updated")},
	{table: "notifications", where: own,
		columns: columns("id kind community thread piece at read mail push"),
		without: columns("member key actor page")},
	{table: "notification_choices", where: own,
		columns: columns("choices zone"),
		without: columns("member updated")},
	{table: "notification_letters", where: own,
		columns: columns("cadence due last"),
		without: columns("member")},
	{table: "push_subscriptions", where: own,
		columns: columns("id seen due tries"),
		without: columns("member session endpoint sealed")},
	// What somebody did with other people's accounts is those people's; reasons that the practice noted for itself stay on the record.
	{table: "audit_entries", where: "t.subject = {:subject} OR t.actor = {:member} AND t.subject NOT LIKE 'users/%'",
		columns: columns("seq at actor action subject"), also: ", (SELECT u.name FROM users u WHERE u.id = t.actor) AS actor_name",
		without: columns("id created updated previous hash detail")},
}

// leftOut says of every other table why nothing of it is given.
var leftOut = map[string]string{
	"account_tokens":     "links that wait in a mailbox: only hashes of them are kept",
	"case_drafts":        "the practice's own texts",
	"case_versions":      "the practice's own texts",
	"cases":              "the practice's own texts",
	"hold_events":        "who decided what, of which the author is told the outcome: see holds",
	"idempotency_keys":   "answers kept for a day, so that what is sent twice happens once",
	"invitation_events":  "how an invitation's letter went, by its addressee's invitation alone: see invitations",
	"invitation_tokens":  "links: only hashes of them are kept",
	"letter_attempts":    "how letters went: nothing in them names whom they are for",
	"letters":            "sealed until they are delivered, and then erased",
	"notification_jobs":  "what is being told to others",
	"policy_drafts":      "the practice's own texts",
	"policy_events":      "what was done with the practice's own texts; the audit record says by whom",
	"policy_mailings":    "which letters about the practice's own texts go out",
	"policy_versions":    "the practice's own texts, which anyone can read at /policies",
	"polls":              "what was chosen is kept apart from who chose it",
	"practices":          "the practice's own settings",
	"push_keys":          "the practice's own keys",
	"renames":            "that a new name is still to be put where its member is mentioned",
	"search_communities": "made from posts and comments",
	"search_counted":     "made from posts and comments",
	"search_numbered":    "made from posts and comments",
	"search_places":      "made from posts and comments",
	"search_trigrams":    "made from posts and comments",
	"search_vocabulary":  "made from posts and comments",
	"search_words":       "made from posts and comments",
}
