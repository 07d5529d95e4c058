using System.Runtime.InteropServices;
using NativeAot;

using var stop = new CancellationTokenSource();

// The first Ctrl+C ends the answer in order; a second one ends the process at once.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
{
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
});
return await NativeAotApp.RunAsync(args, Console.Out, Console.Error, stop.Token);
