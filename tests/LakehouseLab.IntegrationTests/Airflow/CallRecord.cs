using System.Text.RegularExpressions;

namespace LakehouseLab.IntegrationTests.Airflow;

/// <summary>Calls between processes in the order in which they were seen, as the arrows of a sequence diagram.</summary>
internal sealed partial class CallRecord
{
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];
    private readonly List<string> _requests = [];

    // Who of the service asks the store: it does one thing after the other in the recorded DAG.
    private string _atWork = "Emulator";

    /// <summary>The different calls, each where it was seen first.</summary>
    public IReadOnlyList<string> First
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls.Distinct()];
            }
        }
    }

    /// <summary>How often a request to the service was seen.</summary>
    /// <param name="request">Its method and path.</param>
    public int Count(string request)
    {
        lock (_lock)
        {
            return _requests.Count(seen => seen == request);
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _calls.Clear();
            _requests.Clear();
            _atWork = "Emulator";
        }
    }

    /// <summary>Records a call.</summary>
    public void Add(string from, string to, string what)
    {
        lock (_lock)
        {
            _calls.Add($"{from}->>{to}: {what}");
        }
    }

    /// <summary>Records a request to the service.</summary>
    public void AddServiceRequest(string request)
    {
        string path = request.Split('?')[0];
        string what = Id().Replace(path, "$ID");
        lock (_lock)
        {
            _requests.Add(path);
            _atWork = what switch
            {
                "POST /pipelines/runs" => "Pipeline",
                "POST /audits" => "Audit",
                _ => _atWork,
            };
        }

        Add("Airflow", "Service", what);
    }

    /// <summary>Records that the service says that something is complete.</summary>
    public void AddServiceAnswer(string answer)
    {
        if (CompletedEvent().Match(answer) is { Success: true } match)
        {
            Add("Service", "Airflow", match.Groups[1].Value switch { "" => $"{_atWork} is done", _ => "emulation is completed" });
        }
    }

    /// <summary>Records a request to the store.</summary>
    public void AddStoreRequest(string request)
    {
        Match match = StoreRequest().Match(request);
        if (match.Success)
        {
            Add(_atWork, "MinIO", $"{match.Groups[1].Value} {match.Groups[2].Value}");
        }
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    // Of an event of the service, not of other answers.
    [GeneratedRegex("""data: .*"(global_)?status":"completed"(?=[^\n]*\n)""")]
    private static partial Regex CompletedEvent();

    [GeneratedRegex("^(GET|PUT) /lakehouse/(raw|bronze|silver|gold)/")]
    private static partial Regex StoreRequest();
}
