#pragma warning disable IDE0065 // The page shows its usings with the code.
// <example>
using Microsoft.Extensions.DependencyInjection;

// </example>
namespace Quickstart.Tests.Documentation;

/// <summary>The code of docs/heads.md, compiled. What stands between the markers is compared with the page, line by line.</summary>
internal static class HeadsExample
{
    public static void Register(IServiceCollection services)
    {
        // <example>
        services.AddMinions()
            .UseTarget("models/target")
            .AddHead("models/head")
            .AddNgramDraft();

        // </example>
    }
}
