// Package tools holds the programs of others that CI runs over what a release publishes: krew with its validator, and a workflow linter.
package tools
