using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Results;

/// <summary>How far a statement is.</summary>
/// <param name="RunningTasks">Tasks that run now.</param>
/// <param name="Stages">Its stages so far.</param>
public sealed record SparkProgress(long RunningTasks, IReadOnlyList<SparkStage> Stages)
{
    internal static SparkProgress Of(ExecutePlanResponse.Types.ExecutionProgress progress) => new(
        progress.NumInflightTasks,
        [.. progress.Stages.Select(static stage => new SparkStage(stage.StageId, stage.NumTasks, stage.NumCompletedTasks, stage.InputBytesRead, stage.Done))]);
}

/// <summary>One stage of a statement.</summary>
/// <param name="Id">Its number in Spark.</param>
/// <param name="Tasks">How many tasks it has.</param>
/// <param name="CompletedTasks">How many of them are done.</param>
/// <param name="InputBytes">Bytes that it has read.</param>
/// <param name="Done">Whether it is done.</param>
public sealed record SparkStage(long Id, long Tasks, long CompletedTasks, long InputBytes, bool Done);
