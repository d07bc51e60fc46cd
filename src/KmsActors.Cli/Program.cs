using System.Runtime.InteropServices;
using KmsActors.Cli;

using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
return await Kmsctl.RunAsync(args, Shell.OfProcess(), interrupted.Token);

// The first asks the command to end, the second ends the process.
void Cancel(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
