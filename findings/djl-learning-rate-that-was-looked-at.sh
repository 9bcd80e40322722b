#!/usr/bin/env bash
# Guess: a Tracker is a function of the step. To ask MultiFactorTracker for the rate at step 100, to plot the schedule, say,
#   leaves the rate at step 1 as it was. FactorTracker and CosineTracker are such functions.
# What happens: to ask is to decay. After step 100 was asked for once, all steps have the last rate: a training that begins
#   after the plot begins with a hundredth of its rate. The same happens to one tracker in two trainings.
# DJL 0.36.0 (Java only, no engine is loaded):
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/training/tracker/MultiFactorTracker.java#L62
. "$(dirname "$0")/lib/packages.sh"
maven_packages ai.djl:api:0.36.0 org.slf4j:slf4j-nop:2.0.17

run_java << 'JAVA'
import ai.djl.training.tracker.Tracker;

class Main {
    public static void main(String[] args) {
        Tracker stepwise = Tracker.multiFactor().setBaseValue(1).setSteps(new int[] {10, 20}).optFactor(0.1f).build();
        Tracker steady = Tracker.factor().setBaseValue(1).setFactor(0.95f).build();
        for (Tracker tracker : new Tracker[] {steady, stepwise}) {
            float before = tracker.getNewValue(1), late = tracker.getNewValue(100), again = tracker.getNewValue(1);
            System.out.printf("%s: step 1 %.4f, step 100 %.4f, step 1 again %.4f%n", tracker.getClass().getSimpleName(), before, late, again);
            assert late < before;
            assert tracker == steady ? again == before : again == late;
        }
    }
}
JAVA
