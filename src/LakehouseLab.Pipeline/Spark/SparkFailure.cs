using System.Globalization;
using System.Text.RegularExpressions;
using LakehouseLab.Pipeline.Engines;
using LakehouseLab.Pipeline.Failures;
using LakehouseLab.SparkConnect.Failures;

namespace LakehouseLab.Pipeline.Spark;

/// <summary>What Spark's failures mean for a run.</summary>
internal static partial class SparkFailure
{
    // SQL's class of errors of data: a value out of range, a division by zero, a text that is not a number.
    private const string OfValues = "22";

    /// <summary>The failure in the words of engines.</summary>
    public static ModelException Of(SparkException exception) => exception switch
    {
        SparkStatementException statement => Of(statement),
        SparkSessionLostException => new ModelException("the Spark server was restarted in the middle, or closed the session: run the same command again, which goes on from the last commit", exception),
        _ => new ModelException(exception.Message, exception),
    };

    private static EngineException Of(SparkStatementException exception)
    {
        // Delta and failed tasks wrap what Spark says of a value: the innermost error that has a name is the cause.
        SparkCause cause = exception.Causes.LastOrDefault(static cause => cause.ErrorClass is not null) ?? exception.Causes[^1];
        string reason = ReasonOf(cause.Message);
        return new EngineException(reason, exception)
        {
            Reason = reason,
            IsOfValue = exception.Causes.Any(static cause => cause.SqlState?.StartsWith(OfValues, StringComparison.Ordinal) == true),
            Line = LineOfMistake().Match(cause.Message) is { Success: true } line && int.TryParse(line.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null,
        };
    }

    // "[CLASS.SUB] What happened. SQLSTATE: 22003 (line 1, pos 7)", and what Spark adds below.
    private static string ReasonOf(string message)
    {
        string first = message.TrimStart().Split('\n')[0];
        string named = first.StartsWith('[') && first.IndexOf("] ", StringComparison.Ordinal) is var end and > 0 ? first[(end + 2)..] : first;
        int state = named.IndexOf(" SQLSTATE:", StringComparison.Ordinal);
        return (state > 0 ? named[..state] : named).Trim().TrimEnd('.');
    }

    [GeneratedRegex(@"\bline ([0-9]+), pos")]
    private static partial Regex LineOfMistake();
}
