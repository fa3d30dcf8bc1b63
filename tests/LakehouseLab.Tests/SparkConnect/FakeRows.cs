using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Google.Protobuf;
using LakehouseLab.SparkConnect.Results;
using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.Tests.SparkConnect;

/// <summary>Answers of an execution whose rows are numbers from 0.</summary>
internal static class FakeRows
{
    /// <summary>Rows of an answer, as Arrow.</summary>
    public static byte[] Arrow(long first, int rows)
    {
        Schema schema = new([new Field("id", Int64Type.Default, nullable: false)], null);
        using RecordBatch batch = new(schema, [new Int64Array.Builder().AppendRange(Enumerable.Range(0, rows).Select(row => first + row)).Build()], rows);
        using MemoryStream bytes = new();
        using (ArrowStreamWriter writer = new(bytes, schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        return bytes.ToArray();
    }

    /// <summary>An answer with rows.</summary>
    public static ExecutePlanResponse Rows(long first, int rows) => Answer(new ExecutePlanResponse
    {
        ArrowBatch = new ExecutePlanResponse.Types.ArrowBatch { RowCount = rows, StartOffset = first, Data = ByteString.CopyFrom(Arrow(first, rows)) },
        ResponseId = $"rows-{first}",
    });

    /// <summary>The answer that says that there is no more.</summary>
    public static ExecutePlanResponse Complete() => Answer(new ExecutePlanResponse { ResultComplete = new ExecutePlanResponse.Types.ResultComplete(), ResponseId = "complete" });

    /// <summary>An answer that tells how far the execution is.</summary>
    public static ExecutePlanResponse Progress()
    {
        ExecutePlanResponse.Types.ExecutionProgress progress = new() { NumInflightTasks = 2 };
        progress.Stages.Add(new ExecutePlanResponse.Types.ExecutionProgress.Types.StageInfo { StageId = 7, NumTasks = 10, NumCompletedTasks = 4, InputBytesRead = 99 });
        return Answer(new ExecutePlanResponse { ExecutionProgress = progress });
    }

    /// <summary>An answer of a server that a test did not rename.</summary>
    public static ExecutePlanResponse Answer(ExecutePlanResponse answer)
    {
        answer.ServerSideSessionId = "server-side";
        return answer;
    }

    /// <summary>The numbers of a result.</summary>
    public static long[] Ids(SparkResult result) => [.. result.Rows.Select(static row => row.Get<long>("id"))];
}
