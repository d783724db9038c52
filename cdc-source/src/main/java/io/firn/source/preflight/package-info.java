/** Checks of a source before a pipeline starts. */
package io.firn.source.preflight;
