using System.Runtime.InteropServices;
using Quickstart;

using var stop = new CancellationTokenSource();

// The first Ctrl+C ends the run in order; a second one finds no handler that holds it back and ends the process at once.
void Stop(PosixSignalContext context)
{
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await QuickstartApp.RunAsync(args, Console.Out, Console.Error, stop.Token);
