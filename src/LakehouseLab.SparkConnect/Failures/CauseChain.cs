using LakehouseLab.SparkConnect.Wire;

namespace LakehouseLab.SparkConnect.Failures;

/// <summary>Reads an error's details: the error itself and what caused it.</summary>
internal static class CauseChain
{
    /// <summary>The chain, outermost first; empty when there are no details. An index that points nowhere or in a circle ends it.</summary>
    public static IReadOnlyList<SparkCause> Of(FetchErrorDetailsResponse details)
    {
        List<SparkCause> causes = [];
        int? next = details.HasRootErrorIdx ? details.RootErrorIdx : null;
        while (next is { } index && index >= 0 && index < details.Errors.Count && causes.Count < details.Errors.Count)
        {
            FetchErrorDetailsResponse.Types.Error error = details.Errors[index];
            causes.Add(Of(error));
            next = error.HasCauseIdx ? error.CauseIdx : null;
        }

        return causes;
    }

    private static SparkCause Of(FetchErrorDetailsResponse.Types.Error error)
    {
        FetchErrorDetailsResponse.Types.SparkThrowable? thrown = error.SparkThrowable;
        return new SparkCause(
            error.ErrorTypeHierarchy.FirstOrDefault() ?? "",
            error.Message,
            thrown is { HasErrorClass: true } ? thrown.ErrorClass : null,
            thrown is { HasSqlState: true } ? thrown.SqlState : null,
            thrown?.QueryContexts.Select(static context => context.Fragment).FirstOrDefault(static fragment => fragment.Length > 0));
    }
}
