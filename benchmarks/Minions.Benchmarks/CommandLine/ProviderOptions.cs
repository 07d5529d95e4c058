using System.CommandLine;
using System.Globalization;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.CommandLine;

/// <summary>The options that say where models run.</summary>
internal sealed class ProviderOptions
{
    private readonly Option<ExecutionProvider?> _provider;
    private readonly Option<ExecutionProvider?> _target = Provider("--target-provider", "Where the target runs, and a head in its folder. Wins over --provider.");
    private readonly Option<ExecutionProvider?> _draft = Provider("--draft-provider", "Where drafts and heads run. Wins over --provider.");
    private readonly Option<int?> _deviceId = new("--device-id") { HelpName = "N", Description = "The number of the GPU, from 0. Default: what a model's genai_config.json says, else 0." };

    /// <param name="byDefault">What is taken where nothing is typed, for the help.</param>
    public ProviderOptions(string byDefault)
    {
        _provider = Provider("--provider", $"Where ONNX Runtime runs the models. Default: {byDefault}.");
        _deviceId.CustomParser = result =>
        {
            string typed = result.Tokens[0].Value;
            if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                return number;
            result.AddError($"--device-id: '{typed}' is not a whole number from 0 on.");
            return null;
        };
    }

    public void AddTo(Command command)
    {
        command.Add(_provider);
        command.Add(_target);
        command.Add(_draft);
        command.Add(_deviceId);
    }

    public ProviderChoice Read(ParseResult parsed) => new()
    {
        Provider = parsed.GetValue(_provider),
        TargetProvider = parsed.GetValue(_target),
        DraftProvider = parsed.GetValue(_draft),
        DeviceId = parsed.GetValue(_deviceId),
    };

    private static Option<ExecutionProvider?> Provider(string name, string description) => new(name)
    {
        HelpName = "auto|cpu|cuda",
        Description = description,
        CustomParser = result =>
        {
            string typed = result.Tokens[0].Value;

            // By name only: Enum.TryParse alone would take '7' for a provider.
            if (Enum.GetNames<ExecutionProvider>().FirstOrDefault(known => known.Equals(typed, StringComparison.OrdinalIgnoreCase)) is { } found)
                return Enum.Parse<ExecutionProvider>(found);
            result.AddError($"{name}: '{typed}' is unknown. Choose auto, cpu or cuda.");
            return null;
        },
    };
}
