// Prints the rows of a folder of Parquet files in the order of their paths: path, class, probability and error, with tabs between.
import org.apache.spark.sql.SparkSession;

class ParquetRows {
    public static void main(String[] folder) throws Exception {
        try (var spark = SparkSession.builder().master("local[1]").config("spark.log.level", "OFF").config("spark.ui.enabled", false).getOrCreate()) {
            for (var row : spark.read().parquet(folder[0]).orderBy("path").collectAsList()) {
                System.out.println(row.mkString("\t"));
            }
        }
    }
}
