/** Versions of source tables. */
package io.firn.source.table;
