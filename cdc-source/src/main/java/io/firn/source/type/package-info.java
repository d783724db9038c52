/** The type mapping of {@code docs/types.md}. */
package io.firn.source.type;
