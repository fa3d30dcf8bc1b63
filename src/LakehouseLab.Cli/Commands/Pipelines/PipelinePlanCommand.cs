using System.CommandLine;
using System.Text.Json;
using LakehouseLab.Cli.Calls;
using LakehouseLab.Cli.Rendering;
using LakehouseLab.Cli.Shell;
using LakehouseLab.Emulation.Kafka;
using LakehouseLab.Pipeline;
using LakehouseLab.Pipeline.Reports;

namespace LakehouseLab.Cli.Commands.Pipelines;

/// <summary><c>pipeline plan</c>: what a run would do, and why.</summary>
internal sealed class PipelinePlanCommand : CommandWithExample
{
    private readonly PipelineOptions _options = new();

    public PipelinePlanCommand(Surroundings surroundings)
        : base("plan", "Show what a run would do, and why; nothing is written.", "lakelab pipeline plan")
    {
        Add(_options.All);
        Add(PipelineOptions.Settings);
        Runs(surroundings, RunAsync);
    }

    private async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        using KafkaTopicLog? topics = call.FindTopics();
        PipelinePlan plan = await PipelineRun.PlanAsync(await call.OpenLakeAsync(cancellationToken).ConfigureAwait(false), _options.Read(call, topics), cancellationToken).ConfigureAwait(false);
        if (call.Json)
        {
            JsonOutput.Write(call.Surroundings.Output, writer => WriteJson(writer, plan));
        }
        else
        {
            WriteText(plan, call.Surroundings.Text);
            ObjectRemarksView.Tell(plan.Bronze.SelectMany(bronze => bronze.Remarks), call);
        }

        return FailureLines.Tell(plan.Failures, call.Surroundings.Words);
    }

    private static void WriteText(PipelinePlan plan, TextWriter writer)
    {
        TextTable table = new("table", "would", "because");
        foreach (BronzePlan bronze in plan.Bronze)
        {
            table.Add(
                bronze.Table,
                bronze.Failure is not null ? "FAIL" : bronze.Runs ? $"ingest {WhatIsNew(bronze)}" : "do nothing",
                WhyOf(bronze));
        }

        foreach (ModelPlan model in plan.Models)
        {
            table.Add(
                model.Table,
                model.Failure is not null ? "FAIL" : model.Runs ? model.Full ? "be recomputed" : "ingest what is new" : "do nothing",
                model.Failure is not null ? "it cannot be read: see below" : model.Reason);
        }

        table.Write(writer);
    }

    private static string WhatIsNew(BronzePlan bronze) => string.Join(" and ", new[]
    {
        bronze.NewObjects > 0 ? $"{Figures.Count(bronze.NewObjects)} raw objects" : null,
        bronze.NewOffsets > 0 ? $"{Figures.Count(bronze.NewOffsets)} offsets of topics" : null,
        bronze.Replays > 0 ? $"{Figures.Count(bronze.Replays)} repaired records" : null,
    }.Where(part => part is not null));

    private static string WhyOf(BronzePlan bronze)
    {
        if (bronze.Failure is not null)
        {
            return "it cannot be read: see below";
        }

        string objects = ObjectRemarksView.Summarize(bronze.Remarks);
        return (bronze.Runs ? "they are new" : "nothing is new") + (objects.Length > 0 ? $"; {objects}" : "");
    }

    private static void WriteJson(Utf8JsonWriter writer, PipelinePlan plan)
    {
        writer.WriteStartArray();
        foreach (BronzePlan bronze in plan.Bronze)
        {
            writer.WriteStartObject();
            writer.WriteString("table", bronze.Table);
            writer.WriteBoolean("runs", bronze.Runs);
            writer.WriteNumber("new_objects", bronze.NewObjects);
            writer.WriteNumber("new_offsets", bronze.NewOffsets);
            writer.WriteNumber("replays", bronze.Replays);
            writer.WritePropertyName("remarks");
            JsonSerializer.Serialize(writer, bronze.Remarks, RunDocuments.Default.IReadOnlyListObjectRemark);
            WriteFailure(writer, bronze.Failure);
            writer.WriteEndObject();
        }

        foreach (ModelPlan model in plan.Models)
        {
            writer.WriteStartObject();
            writer.WriteString("table", model.Table);
            writer.WriteBoolean("runs", model.Runs);
            writer.WriteBoolean("full", model.Full);
            writer.WriteString("reason", model.Reason);
            WriteFailure(writer, model.Failure);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteFailure(Utf8JsonWriter writer, string? failure)
    {
        if (failure is not null)
        {
            writer.WriteString("error", failure);
        }
    }
}
