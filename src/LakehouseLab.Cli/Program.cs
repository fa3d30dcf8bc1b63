using System.Runtime.InteropServices;
using System.Text;
using LakehouseLab.Cli;
using LakehouseLab.Cli.Shell;

NativeHeap.LimitArenas();
const string SourceFolder = "src/LakehouseLab.Cli";
using CancellationTokenSource interruption = new();
void Interrupt(PosixSignalContext signal)
{
    // The first one ends the work at a chunk's or step's edge; a second one is not held up.
    signal.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using Stream output = StandardOutput.Open();
Surroundings surroundings = new()
{
    Output = output,
    Text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 14) { NewLine = "\n" },
    OutputIsWatched = !Console.IsOutputRedirected,
    Words = Console.Error,
    WordsAreWatched = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb",
    Input = Console.OpenStandardInput(),
    Variable = Environment.GetEnvironmentVariable,

    // Whoever tries the program out from its source has no lakelab on the path.
    Program = Directory.Exists(SourceFolder) ? $"dotnet run -c Release --project {SourceFolder} --" : "lakelab",
};
return await CommandLine.RunAsync(args, surroundings, interruption.Token);
