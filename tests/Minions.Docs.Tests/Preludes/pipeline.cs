using Microsoft.Extensions.DependencyInjection;
using Minions.Core;
using Minions.Core.Generation;

ServiceCollection services = new();
services.AddMinions().UseDemoModels();
await using ServiceProvider provider = services.BuildServiceProvider();
var pipeline = provider.GetRequiredService<SpeculativePipeline>();
