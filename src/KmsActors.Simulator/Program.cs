return await KmsActors.Simulator.SimulatorCommand.RunAsync(args);
