using System.Runtime.InteropServices;
using Quickstart;

var interruption = new Interruption();

// Nothing left to end in order means that the user insists: then nobody holds the signal back and the process ends at once.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = interruption.Interrupt());
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = interruption.Terminate());
return await QuickstartApp.RunAsync(args, Console.In, Console.Out, Console.Error, interruption);
