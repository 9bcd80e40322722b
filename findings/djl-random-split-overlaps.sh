#!/usr/bin/env bash
# Guess: the parts that ArrayDataset.randomSplit(8, 2) returns are random and have no row in common, however they are read.
# What happens: it depends on the sampler. A shuffled part is what the split drew. A part read in order, as one reads a test
#   set, is the last 20 rows of the data as they lie there, whatever was drawn. So most rows tested were trained on, and where
#   rows are sorted by class, the test set has one class.
# DJL 0.36.0 with PyTorch 2.7.1: getByRange of a part passes its own positions on, where getByIndices looks up the rows:
#   https://github.com/deepjavalibrary/djl/blob/v0.36.0/api/src/main/java/ai/djl/training/dataset/ArrayDataset.java#L301
. "$(dirname "$0")/lib/packages.sh"
djl_packages

run_java << 'JAVA'
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.RandomSampler;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.dataset.SequenceSampler;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class Main {
    static List<Integer> rows(NDManager manager, RandomAccessDataset part, Sampler.SubSampler order) throws Exception {
        List<Integer> rows = new ArrayList<>();
        for (Batch batch : part.getData(manager, new BatchSampler(order, 10))) {
            for (int row : batch.getData().head().toIntArray()) {
                rows.add(row);
            }
            batch.close();
        }
        return rows;
    }

    public static void main(String[] args) throws Exception {
        Engine.getInstance().setRandomSeed(1);
        try (NDManager manager = NDManager.newBaseManager()) {
            ArrayDataset rows = new ArrayDataset.Builder().setData(manager.arange(100)).setSampling(10, true).build();
            RandomAccessDataset[] parts = rows.randomSplit(8, 2);
            List<Integer> train = rows(manager, parts[0], new RandomSampler());
            List<Integer> shuffledTest = rows(manager, parts[1], new RandomSampler());
            List<Integer> test = rows(manager, parts[1], new SequenceSampler());
            long inBoth = test.stream().filter(train::contains).count();
            System.out.println("test part, shuffled: " + shuffledTest);
            System.out.println("    of these rows, also in the shuffled training part: "
                    + shuffledTest.stream().filter(train::contains).count());
            System.out.println("test part, in order: " + test);
            System.out.println("    of these rows, also in the shuffled training part: " + inBoth);
            assert shuffledTest.stream().noneMatch(train::contains);
            assert test.equals(IntStream.range(80, 100).boxed().toList());
            assert inBoth > 0;
        }
    }
}
JAVA
