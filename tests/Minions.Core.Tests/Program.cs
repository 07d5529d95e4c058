using Minions.Core.Tests.OnnxRuntime.Lifetime;

namespace Minions.Core.Tests;

/// <summary>The start of the processes that tests run to see them end. The tests themselves are started by their host.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments) => arguments is [ExitingProcess.Command, string folder, string tokens]
        ? await ExitingProcess.RunAsync(folder, int.Parse(tokens, System.Globalization.CultureInfo.InvariantCulture))
        : throw new ArgumentException("This is started by tests.");
}
