// Package lint says what is unsafe about migrations, and why, before they meet a server. It never
// connects: [Run] replays every migration of a directory into a catalog and reports on those that
// were asked for.
//
// A [Rule] is a value. It sees a [Pass], and nothing else: the statement, the catalog before it, its
// effects on the server version at hand, the tables that the same file made. What is a hazard is
// decided by the dialect's effects, which the planner reads as well; most rules only put one into
// words. So what lint lets pass is what the planner lets run.
//
// To add a rule:
//
//  1. Write its file in lint/rules, named by its ID.
//  2. Add its line to the suite.
//  3. Add lint/rules/testdata/ID with before.txtar and after.txtar, which are its examples in the
//     docs too, and what else it must and must not find.
package lint
