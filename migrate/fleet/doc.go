// Package fleet is the registry of app versions: it stores and reads which versions of which apps
// run on a database, and compares what the server counted of their statements.
//
// A version's life, for one app and group:
//
//	(new) --start--> starting --finish--> serving --another's finish--> retired
//
// Order is that of starts, never that of version names: finish retires each version whose last
// start came before its own, so rolling an app back is a start and a finish like any rollout.
// Abort takes back its own unfinished start and nothing else. Rows are never deleted, since an app
// that was registered once and has no version that counts is not an app that does not run.
//
// Whoever changes the registry holds the registry lock in the transaction that is passed in. Whether
// a version may start at all is asked before, of package compat; the gates are in package phases.
package fleet
