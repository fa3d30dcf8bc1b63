using System.Runtime.InteropServices;
using System.Text;
using LakehouseLab.TaskProgram;

using CancellationTokenSource end = new();
void End(PosixSignalContext signal)
{
    // The file at hand is dropped; a second signal is not held up.
    signal.Cancel = !end.IsCancellationRequested;
    end.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
OutputWatch.Begin(end.Cancel);
using StreamReader tasks = new(Console.OpenStandardInput(), Encoding.ASCII);
using StreamWriter answers = new(Console.OpenStandardOutput(), Encoding.ASCII) { NewLine = "\n", AutoFlush = true };
return await new TaskRun(tasks, answers, Console.Error).RunAsync(args, end.Token);
