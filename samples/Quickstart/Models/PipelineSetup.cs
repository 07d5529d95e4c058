using Microsoft.Extensions.DependencyInjection;
using Minions.Core.DependencyInjection;
using Minions.Core.OnnxRuntime;
using Quickstart.CommandLine;

namespace Quickstart.Models;

/// <summary>Registers the pipeline that a command line asks for, just as an application would.</summary>
internal static class PipelineSetup
{
    public static ServiceProvider BuildServices(Arguments arguments)
    {
        var services = new ServiceCollection();
        MinionsBuilder minions = services.AddMinions();
        if (arguments.Target is null)
            minions.UseDemoModels();
        services.Configure<MinionsOptions>(options => Apply(arguments, options));
        if (!arguments.NoNgram && !arguments.NoDrafts && (arguments.Target is null || arguments.NamesDrafts))
            minions.AddNgramDraft();
        minions.AddChatClient();
        return services.BuildServiceProvider();
    }

    private static void Apply(Arguments arguments, MinionsOptions options)
    {
        // Each side of the comparison has to run the prompt itself. A chat lives on what the turn before left.
        if (!arguments.Chat)
            options.Pipeline.PrefixCacheSize = 0;
        options.Pipeline.Speculation.DraftSelection = arguments.Panel;

        if (arguments.Target is { } target)
            options.Target = new OnnxModelOptions { Folder = target };
        if (arguments.NoDrafts || arguments.NamesDrafts)
        {
            options.Heads.Clear();
            options.Drafts.Clear();
        }

        if (arguments.NoDrafts)
            options.UseTargetHead = false;
        if (arguments.NoDrafts || arguments.NoNgram)
            options.Ngram = null;
        foreach (string head in arguments.Heads)
            options.Heads.Add(new OnnxHeadOptions { Folder = head });
        foreach (string draft in arguments.Drafts)
            options.Drafts.Add(new OnnxModelOptions { Folder = draft });

        Place(options.Target!, arguments.TargetProvider ?? arguments.Provider, arguments.DeviceId);
        foreach (OnnxModelOptions draft in options.Drafts.Concat(options.Heads))
            Place(draft, arguments.DraftProvider ?? arguments.Provider, arguments.DeviceId);
    }

    private static void Place(OnnxModelOptions model, ExecutionProvider? provider, int? deviceId)
    {
        model.Provider = provider ?? model.Provider;
        model.DeviceId = deviceId ?? model.DeviceId;
    }
}
