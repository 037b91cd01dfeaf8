// Package scratch starts throwaway database servers for the demo, for rehearsals and for tests.
//
// A server is looked for in this order, and the first place that has one of the wanted kind and
// release is used:
//
//  1. a running server, named by SEGUE_TEST_POSTGRES_URL, SEGUE_TEST_MYSQL_URL or
//     SEGUE_TEST_MARIADB_URL;
//  2. server programs on this machine: where the distribution puts them, on $PATH, and in the cache
//     folder that "make setup-versions" and "make setup-mysql" fill ($SEGUE_CACHE);
//  3. a container, where a Docker engine answers.
//
// A server that scratch starts listens on a free port of 127.0.0.1, keeps its files in a folder of
// its own under the temporary directory, and ends with the process that started it, however that
// ends. As root it runs under an unprivileged user, since servers refuse to run as root.
//
// One kind of server is one file: see the engine interface.
package scratch
