#!/usr/bin/env bash
# Guess: printing an object does not change it.
# What happens: DJL's Classification.toString() cuts the probability off after five digits, in the object itself. Code that
#   logs a prediction goes on with another number than code that does not, and two that differ can become equal.
# DJL 0.36.0 (Java only, no engine is loaded):
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/modality/Classifications.java#L296
. "$(dirname "$0")/lib/packages.sh"
maven_packages ai.djl:api:0.36.0 org.slf4j:slf4j-nop:2.0.17

run_java << 'JAVA'
import ai.djl.modality.Classifications;
import ai.djl.modality.Classifications.Classification;
import java.util.List;

class Main {
    public static void main(String[] args) {
        Classifications answer = new Classifications(List.of("boot", "clog"), List.of(0.123456789, 0.876543211));
        Classification best = answer.best();
        double before = best.getProbability();
        String printed = best.toString();
        double after = best.getProbability();
        System.out.println("before it is printed: " + before);
        System.out.println("printed:              " + printed);
        System.out.println("after it is printed:  " + after);
        assert before == 0.876543211;
        assert after != before && Math.abs(after - 0.87654) < 1e-7;
    }
}
JAVA
