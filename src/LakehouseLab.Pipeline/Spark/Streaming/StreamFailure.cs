using LakehouseLab.Pipeline.Bronze.Topics;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.Pipeline.Tables;
using LakehouseLab.SparkConnect;
using LakehouseLab.SparkConnect.Failures;

namespace LakehouseLab.Pipeline.Spark.Streaming;

/// <summary>What the failures of streaming queries mean, in one sentence with a remedy.</summary>
internal static class StreamFailure
{
    /// <summary>Whether a query could not start since one with the same checkpoint runs: that of a client that was killed, or that is still at work.</summary>
    public static bool IsAtWork(SparkException exception) =>
        exception is SparkStatementException statement && Has(statement, "as another query with same id is already active", "CONCURRENT_QUERY", "CONCURRENT_STREAM_LOG_UPDATE");

    /// <summary>Whether the server is away or has restarted: what its queries have committed is in the tables, and they can begin anew.</summary>
    public static bool IsAway(Exception exception) => exception is ModelException { InnerException: SparkConnectionException or SparkSessionLostException or SparkDeadlineException };

    /// <summary>The failure in the words of a run.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="session">Where.</param>
    /// <param name="table">The table that the query writes.</param>
    /// <param name="kafka">The cluster that it reads.</param>
    public static ModelException Of(SparkException exception, SparkSession session, TableName table, SparkKafka kafka)
    {
        ModelException plain = SparkFailure.Of(exception);
        if (exception is not SparkStatementException statement)
        {
            return plain;
        }

        string? told =
            Has(statement, "Failed to find data source: kafka", "find data source \"kafka\"", "DATA_SOURCE_NOT_FOUND", "KafkaSourceProvider")
            ? $"{session.Connection} has no Kafka source: start it with the package org.apache.spark:spark-sql-kafka-0-10 of its own version"
            : Has(statement, "UnknownTopicOrPartition", "does not host this topic-partition")
            ? $"Spark does not find the topic of {table} at Kafka {kafka.Servers}: check that these brokers are those of KAFKA_BOOTSTRAP_SERVERS as Spark reaches them, or name them with --spark-kafka"
            : Has(statement, "No resolvable bootstrap urls", "TimeoutException", "node assignment", "Failed to construct kafka", "Failed to create new KafkaAdminClient", "Connection to node")
            ? $"Spark cannot reach Kafka at {kafka.Servers}: check that the brokers run and advertise an address that Spark and its workers reach; if that is another than ours, give --spark-kafka HOST:PORT"
            : Has(statement, "KAFKA_DATA_LOSS", "failOnDataLoss", "DATA_LOSS")
            ? $"{table}: offsets that the stream had to read next are not in the topic any more: {plain.Message}. If they cannot be brought back, run with {TopicIntake.AcceptFlag}, which records the gap and goes on after it"
            : Has(statement, "DELTA_METADATA_CHANGED", "DELTA_CONCURRENT", "ConcurrentTransactionException", "ConcurrentAppendException")
            ? $"{table}: another writer changed the table meanwhile ({plain.Message}): let one stream write it, and run the command again"
            : null;
        return told is null ? new ModelException($"{table}: the stream failed on Spark: {plain.Message}", exception) : new ModelException(told, exception);
    }

    private static bool Has(SparkStatementException exception, params ReadOnlySpan<string> marks)
    {
        foreach (SparkCause cause in exception.Causes)
        {
            foreach (string mark in marks)
            {
                if (cause.Message.Contains(mark, StringComparison.OrdinalIgnoreCase) || cause.Type.Contains(mark, StringComparison.Ordinal) || cause.ErrorClass?.Contains(mark, StringComparison.Ordinal) == true)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
