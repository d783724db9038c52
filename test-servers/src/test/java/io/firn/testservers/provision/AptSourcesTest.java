package io.firn.testservers.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class AptSourcesTest {
  private static final Set<String> SUITES = Set.of("bookworm", "stable");

  @Test
  void oneLineEntriesKeepMirrorAndOptions() {
    String list =
        """
        # deb http://commented.example/debian bookworm main
        deb [signed-by=/k.gpg arch=amd64] http://mirror.example/debian bookworm main contrib # why
        deb http://mirror.example/debian-security bookworm-security main
        deb-src http://mirror.example/debian bookworm main
        deb http://other.example/tools tools main
        """;
    assertThat(AptSources.fromList(list, SUITES, "sid"))
        .containsExactly(
            new AptSources.Source(
                "list",
                "deb [signed-by=/k.gpg arch=amd64] http://mirror.example/debian sid main\n"));
  }

  @Test
  void stanzasKeepMirrorAndKeyAndSkipWhatIsDisabledOrForeign() {
    String sources =
        """
        Types: deb deb-src
        # a comment
        URIs: http://mirror.example/debian
        Suites: bookworm bookworm-updates
        Components: main contrib
        Signed-By:
         -----BEGIN PGP PUBLIC KEY BLOCK-----
         .
         abc

        Types: deb
        URIs: http://mirror.example/debian-security
        Suites: bookworm-security
        Components: main

        Types: deb
        URIs: http://off.example/debian
        Suites: bookworm
        Components: main
        Enabled: no
        """;
    assertThat(AptSources.fromSources(sources, SUITES, "sid"))
        .containsExactly(
            new AptSources.Source(
                "sources",
                """
                Types: deb
                URIs: http://mirror.example/debian
                Suites: sid
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 abc
                """));
  }
}
