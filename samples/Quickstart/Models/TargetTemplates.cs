using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minions.Core;
using Minions.Core.DependencyInjection;
using Minions.Extensions.AI.Templates;

namespace Quickstart.Models;

/// <summary>Reads the chat templates in the target's folder. They are small, so a fault in them is told before any model loads.</summary>
internal static class TargetTemplates
{
    /// <exception cref="ModelLoadException">A file cannot be read.</exception>
    /// <exception cref="ChatTemplateException">A template is not valid.</exception>
    /// <exception cref="OptionsValidationException">The options name no target that could be loaded.</exception>
    public static ChatTemplateSet Load(IServiceProvider services) =>
        ChatTemplateSet.Load(services.GetRequiredService<IOptions<MinionsOptions>>().Value.Target!.Folder);
}
