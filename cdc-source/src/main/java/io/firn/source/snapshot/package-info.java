/** Reading tables over JDBC: the initial snapshot and single tables. */
package io.firn.source.snapshot;
