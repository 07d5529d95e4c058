using System.Globalization;
using Microsoft.Extensions.AI;

namespace Quickstart.Chat.Commands;

/// <summary>The commands that change how answers are made. Without a value each shows what holds.</summary>
internal static class SettingCommands
{
    private const string Off = "off";

    private static readonly Dictionary<string, ReasoningEffort> Efforts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = ReasoningEffort.None,
        ["low"] = ReasoningEffort.Low,
        ["medium"] = ReasoningEffort.Medium,
        ["high"] = ReasoningEffort.High,
    };

    public static IEnumerable<ChatCommand> Of(ChatSettings settings)
    {
        yield return new Setting("system", "TEXT|off", "The system message; off leaves it to the model's template.", "a text, or off")
        {
            Show = () => settings.SystemMessage ?? Off,
            Change = text =>
            {
                settings.SystemMessage = IsOff(text) ? null : text;
                return true;
            },
        }.ToCommand();
        yield return new Setting("temperature", "T", "0 takes the likeliest token; 1 draws from the model's own distribution.", "a number from 0")
        {
            Show = () => settings.Temperature.ToString(CultureInfo.InvariantCulture),
            Change = text =>
            {
                bool isUsable = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value) && value >= 0;
                if (isUsable)
                    settings.Temperature = value;
                return isUsable;
            },
        }.ToCommand();
        yield return new Setting("seed", "N|off", "The same draws again, above temperature 0; off draws anew each time.", $"a whole number from 0 to {long.MaxValue}, or off")
        {
            Show = () => settings.Seed?.ToString(CultureInfo.InvariantCulture) ?? Off,
            Change = text =>
            {
                bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value);
                if (isNumber || IsOff(text))
                    settings.Seed = isNumber ? value : null;
                return isNumber || IsOff(text);
            },
        }.ToCommand();
        yield return new Setting("max-tokens", "N", "The most tokens of an answer.", $"a whole number from 1 to {int.MaxValue}")
        {
            Show = () => settings.MaxTokens.ToString(CultureInfo.InvariantCulture),
            Change = text =>
            {
                bool isUsable = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0;
                if (isUsable)
                    settings.MaxTokens = value;
                return isUsable;
            },
        }.ToCommand();
        yield return new Setting("reasoning", "LEVEL|off", "How much a reasoning model thinks: none, low, medium, high; off: its template says.", "none, low, medium, high or off")
        {
            Show = () => Efforts.Where(effort => effort.Value == settings.Reasoning).Select(effort => effort.Key).SingleOrDefault(Off),
            Change = text =>
            {
                bool isEffort = Efforts.TryGetValue(text, out ReasoningEffort effort);
                if (isEffort || IsOff(text))
                    settings.Reasoning = isEffort ? effort : null;
                return isEffort || IsOff(text);
            },
        }.ToCommand();
        yield return new Setting("plain", "on|off", "on: the target alone, to compare the speed. The text stays the same.", "on or off")
        {
            Show = () => settings.IsPlain ? "on" : Off,
            Change = text =>
            {
                bool isOn = text.Equals("on", StringComparison.OrdinalIgnoreCase);
                if (isOn || IsOff(text))
                    settings.IsPlain = isOn;
                return isOn || IsOff(text);
            },
        }.ToCommand();
    }

    private static bool IsOff(string text) => text.Equals(Off, StringComparison.OrdinalIgnoreCase);
}
