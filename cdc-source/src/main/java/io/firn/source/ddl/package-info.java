/** The captured tables' definitions and the DDL that changes them. */
package io.firn.source.ddl;
