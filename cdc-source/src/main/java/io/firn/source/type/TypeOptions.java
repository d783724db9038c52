package io.firn.source.type;

import io.firn.source.Flavour;

/**
 * The choices that the type mapping leaves to the pipeline file.
 *
 * @param flavour the server family
 * @param tinyInt1AsBoolean whether {@code TINYINT(1)} is a boolean ({@code
 *     treat-tinyint1-as-boolean.enabled})
 * @param timeAsText whether TIME is text, so that durations beyond a day fit ({@code time.as-text})
 * @param comments whether column comments are carried over ({@code include-comments.enabled})
 */
public record TypeOptions(
    Flavour flavour, boolean tinyInt1AsBoolean, boolean timeAsText, boolean comments) {

  /** The defaults for a flavour. */
  public static TypeOptions defaults(Flavour flavour) {
    return new TypeOptions(flavour, true, false, false);
  }
}
