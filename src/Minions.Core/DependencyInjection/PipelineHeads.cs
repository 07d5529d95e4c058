using Microsoft.Extensions.Logging;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Heads;

namespace Minions.Core.DependencyInjection;

/// <summary>The heads of a pipeline: those that its options name, and the one that the target's own folder names.</summary>
internal static partial class PipelineHeads
{
    /// <summary>What a head in the target's folder is called.</summary>
    public const string OwnName = "mtp";

    /// <summary>All heads. Reads the configuration of the target's folder.</summary>
    /// <param name="options">The pipeline's options.</param>
    /// <param name="logger">Hears of a head that lies there and is not named.</param>
    /// <exception cref="ModelLoadException">It cannot be read.</exception>
    public static IReadOnlyList<OnnxHeadOptions> Of(MinionsOptions options, ILogger logger)
    {
        if (options.Target is not { } target || !options.UseTargetHead || string.IsNullOrWhiteSpace(target.Folder) || options.Heads.Any(head => !string.IsNullOrWhiteSpace(head.Folder) && HeadTarget.IsSame(head.Folder, target.Folder)))
            return options.Heads;
        if (!HeadConfiguration.NamesHead(target.Folder))
        {
            if (File.Exists(Path.Combine(target.Folder, HeadConfiguration.UsualMtpFile)))
                IsNotNamed(logger, HeadConfiguration.UsualMtpFile, target.Folder);
            return options.Heads;
        }

        return
        [
            .. options.Heads,
            new OnnxHeadOptions { Folder = target.Folder, Name = OwnName, Provider = target.Provider, DeviceId = target.DeviceId, ProviderOptions = new(target.ProviderOptions) },
        ];
    }

    /// <summary>The states that heads read of a target, each once, in the order of the heads.</summary>
    /// <exception cref="ModelLoadException">A head's folder cannot be used.</exception>
    public static IReadOnlyList<string> StatesRead(IEnumerable<OnnxHeadOptions> heads) =>
        [.. heads.SelectMany(head => HeadConfiguration.Read(head.ToHeadRequest()).States).Distinct(StringComparer.Ordinal)];

    [LoggerMessage(28, LogLevel.Information, "'{File}' lies in '{Folder}', but its genai_config.json has no model.mtp section that says how to run it: it takes no part. Add the section, or name it by AddHead.")]
    private static partial void IsNotNamed(ILogger logger, string file, string folder);
}
