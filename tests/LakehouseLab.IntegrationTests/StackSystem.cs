using LakehouseLab.Emulation.Kafka;

namespace LakehouseLab.IntegrationTests;

/// <summary>A system that tests need: the one that the environment names, or that of the stack, which is started when it is needed.</summary>
internal static class StackSystem
{
    // What a system is reached by begins with one of these.
    private static readonly string[] s_prefixes = ["KAFKA_", "S3_", "AWS_"];

    private static readonly SemaphoreSlim s_gate = new(1);

    /// <summary>Finds the systems that commands of a page need, where this machine has any.</summary>
    /// <param name="needs">What they need, such as <c>kafka</c>.</param>
    /// <returns>The needs that are met, and the variables by which the systems are reached.</returns>
    public static async Task<(IReadOnlyList<string> Has, IReadOnlyDictionary<string, string> Variables)> FindAsync(IEnumerable<string> needs)
    {
        List<string> has = [];
        foreach ((string system, string variable) in new[] { ("kafka", KafkaConnection.ServersVariable), ("minio", "S3_ENDPOINT") })
        {
            if (needs.Contains(system) && (IsSet("LAKELAB_STACK") || IsSet(variable)))
            {
                await FindAsync(variable, system);
                has.Add(system);
            }
        }

        string[] names = [.. Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(static name => s_prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))];
        return (has, has.Count == 0 ? new Dictionary<string, string>() : names.ToDictionary(static name => name, static name => Environment.GetEnvironmentVariable(name)!));
    }

    /// <summary>Finds where a system is, or skips the test. What else reaches it is in this process's environment afterwards.</summary>
    /// <param name="variable">The environment variable that says where it is.</param>
    /// <param name="system">The stack's name of it.</param>
    public static async Task<string> FindAsync(string variable, string system)
    {
        await s_gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!IsSet(variable))
            {
                ExternalProgram stack = ExternalProgram.Find("LAKELAB_STACK");
                (int code, _, string words) = await stack.RunAsync("up", system);
                Assert.True(code == 0, words);
                foreach ((string name, string value) in await stack.EnvironmentAsync())
                {
                    Environment.SetEnvironmentVariable(name, value);
                }
            }

            return Environment.GetEnvironmentVariable(variable)!;
        }
        finally
        {
            s_gate.Release();
        }
    }

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
