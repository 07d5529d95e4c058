using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Minions.Packages.Tests.Projects;

/// <summary>Asks in this process, from the source of the repository, what the projects ask with the packages.</summary>
internal static class SameQuestion
{
    public static async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        ServiceCollection services = new();
        services.AddMinions().UseDemoModels().AddChatClient();
        await using ServiceProvider provider = services.BuildServiceProvider();
        ChatResponse response = await provider.GetRequiredService<IChatClient>().GetResponseAsync(question, cancellationToken: cancellationToken);
        return response.Text;
    }
}
