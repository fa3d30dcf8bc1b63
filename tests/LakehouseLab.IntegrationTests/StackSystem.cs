namespace LakehouseLab.IntegrationTests;

/// <summary>A system that tests need: the one that the environment names, or that of the stack, which is started when it is needed.</summary>
internal static class StackSystem
{
    private static readonly SemaphoreSlim s_gate = new(1);

    /// <summary>Finds where a system is, or skips the test. What else reaches it is in this process's environment afterwards.</summary>
    /// <param name="variable">The environment variable that says where it is.</param>
    /// <param name="system">The stack's name of it.</param>
    public static async Task<string> FindAsync(string variable, string system)
    {
        await s_gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 })
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
}
