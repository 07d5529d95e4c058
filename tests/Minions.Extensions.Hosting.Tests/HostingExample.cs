#pragma warning disable IDE0065 // The page shows its usings with the code.
// <example>
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// </example>
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;

namespace Minions.Extensions.Hosting.Tests;

/// <summary>The code of docs/hosting.md, compiled. What stands between the markers is compared with the page, line by line.</summary>
internal static class HostingExample
{
    public static async Task RunAsync(string[] args)
    {
        // <example>
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddMinions(builder.Configuration.GetSection("Minions")).LoadAtStart();
        builder.Services.AddHealthChecks().AddMinionsHealthCheck();
        await builder.Build().RunAsync();
        // </example>
    }

    public static void Report(IServiceCollection services)
    {
        // <example>
        services.AddMinions(options => options.Target = new OnnxModelOptions { Folder = "models/target" })
            .LoadAtStart(load => load.Progress = new Progress<LoadProgress>(step =>
                Console.WriteLine($"{step.Phase} {step.File} {step.LoadedBytes} of {step.TotalBytes} bytes")));
        // </example>
    }

    public static void Check(HostApplicationBuilder builder)
    {
        // <example>
        builder.Services.AddHealthChecks().AddMinionsHealthCheck(tags: ["ready"], timeout: TimeSpan.FromSeconds(10));
        // </example>
    }
}
